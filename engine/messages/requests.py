"""Wording of what is wrong with a request to the service, in Chinese and English."""

from __future__ import annotations

from engine.messages.code import NEAREST, Code, error

REQUESTS: dict[str, Code] = {
    "wrong-host": error(
        "这里不用 {host} 这个地址访问",
        "this service is not reached as {host}",
        "用启动时显示的地址；要用域名，启动时加 --name 域名",
        "use the address shown at the start; to use a name, start with --name NAME",
    ),
    "wrong-origin": error(
        "这个请求来自别的网站（{origin}），没有执行",
        "this request came from another site ({origin}) and was not carried out",
        "接口由程序调用，不从别的网站的页面里调用；经过反向代理的，代理要原样传递 Host",
        "call from a program, not from a page of another site; a reverse proxy has to pass Host on as it is",
    ),
    "no-token": error(
        "调用接口要带令牌",
        "calls need a token",
        "请求头里写 Authorization: Bearer 令牌；令牌由管理员用 doudi serve --new-token 生成",
        "send Authorization: Bearer TOKEN; the administrator makes one by doudi serve --new-token",
    ),
    "no-such-address": error(
        "没有 {address} 这个地址",
        "there is nothing at {address}",
        "/v1/openapi.json 列出全部地址",
        "/v1/openapi.json lists all addresses",
    ),
    "no-such-method": error(
        "这个地址不接受 {method}",
        "this address does not take {method}",
        hints={"allowed": ("用 {allowed}", "use {allowed}")},
    ),
    "not-acceptable": error(
        "请求只接受 {wanted}，这里只能给 {offered}",
        "the request accepts {wanted} only, and the answer is {offered}",
        "在 Accept 里写 {offered}，或不写 Accept",
        "write {offered} in Accept, or leave Accept out",
    ),
    "not-that-media": error(
        "请求的内容是 {found}，这里要 {wanted}",
        "the request holds {found}, and {wanted} is wanted here",
        "写上 Content-Type: {wanted}，内容用 UTF-8，不压缩",
        "write Content-Type: {wanted}, with the content in UTF-8 and not compressed",
    ),
    "body-too-large": error(
        "请求的内容超过 {limit} 字节",
        "the request holds more than {limit} bytes",
        "一次送多户用 /v1/decisions:batch，每行一户",
        "send many households to /v1/decisions:batch, a line each",
    ),
    "body-too-slow": error(
        "请求的内容没有在 {seconds} 秒内送到",
        "the request did not arrive within {seconds} seconds",
        "再送一次",
        "send it again",
    ),
    "bad-body": error(
        "请求的内容不合要求：{wanted}",
        "the request should hold {wanted}",
    ),
    "unknown-argument": error(
        "没有 `{name}` 这个参数",
        "there is no parameter `{name}`",
        "可用的参数：{known}",
        "parameters: {known}",
        hints=NEAREST,
    ),
    "argument-twice": error("参数 `{name}` 写了不止一次", "the parameter `{name}` is given more than once"),
    "bad-argument": error(
        "参数 `{name}` 不能是 `{value}`",
        "the parameter `{name}` cannot be `{value}`",
        "应写成 {wanted}",
        "write {wanted}",
    ),
    "too-many-arguments": error("参数超过 {limit} 个", "there are more than {limit} parameters"),
    "too-many-households": error(
        "一次最多送 {limit} 户，后面的没有认定",
        "{limit} households are the most at once; those after it were not decided",
        "把其余的另送一次",
        "send the others by themselves",
    ),
    "too-many-at-once": error(
        "来自同一处的请求同时超过 {limit} 个",
        "more than {limit} requests from one place at once",
        "等前面的答复了再送",
        "wait for answers before sending more",
    ),
    "service-busy": error(
        "服务正忙，同时的请求已有 {limit} 个",
        "the service is busy with {limit} requests",
        "过一会儿再送",
        "send it again in a moment",
    ),
    "service-slow": error(
        "{seconds} 秒内没有算完",
        "it was not done within {seconds} seconds",
        "少要一些：explain=none，不要 what_if，或用命令行",
        "ask for less: explain=none, no what_if; or use the command line",
    ),
    "service-failed": error(
        "程序自身出错，不是请求的问题",
        "the program itself failed; this is not the request's fault",
        "把服务日志里的这一条告诉维护者",
        "tell the maintainers what the service's log says",
    ),
}
