"""Wording of what is wrong with the service and the workbench, in Chinese and English."""

from __future__ import annotations

from engine.messages.code import Code, error
from engine.messages.installing import installing

SERVING: dict[str, Code] = {
    "serve-not-installed": error(
        "没有安装网络服务（缺 {library}）",
        "the service is not installed ({library} is lacking)",
        *installing("serve"),
    ),
    "user-twice": error(
        "`{name}` 写了两次",
        "`{name}` stands here twice",
        "删掉一项，或换一个名字",
        "remove one of them, or choose another name",
    ),
    "password-not-hashed": error(
        "这不是密码的散列",
        "this is no hash of a password",
        "运行 `doudi serve --hash-password`，把印出的一行抄在这里",
        "run `doudi serve --hash-password` and put the line that it prints here",
    ),
}
