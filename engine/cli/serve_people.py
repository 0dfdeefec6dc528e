"""Who may use `doudi serve`: its options for people, and what they mean together.

In: options of the command.  Out: settings with secrets drawn, and the link to open; or `Misuse`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.command import Misuse, flag
from engine.cli.terminal import write
from engine.say import Say

if TYPE_CHECKING:
    from engine.serving.settings import Settings


def options(say: Say) -> list[click.Option]:
    file = say("文件", "FILE")
    return [
        click.Option(
            ["--users"],
            metavar=file,
            help=say(
                "用户名单（YAML）：谁可以登录，可以改哪里的文件",
                "the list of users (YAML): who may sign in, and write what",
            ),
        ),
        click.Option(
            ["--tokens"],
            metavar=file,
            help=say("接口令牌（YAML）：哪些系统可以调用 /v1", "tokens (YAML): which systems may call /v1"),
        ),
        click.Option(
            ["--name", "names"],
            multiple=True,
            metavar=say("域名", "NAME"),
            help=say("浏览器用这个域名访问，可写多次", "a name by which browsers reach the service, may be repeated"),
        ),
        click.Option(
            ["--proxy-header"],
            default="",
            metavar=say("头", "HEADER"),
            help=say(
                "反向代理在这个请求头里写明登录的是谁，如 X-Forwarded-User；要同时写 --proxy-from 和 --users",
                "the header in which a reverse proxy says who signed in; with --proxy-from and --users",
            ),
        ),
        click.Option(
            ["--proxy-from"],
            multiple=True,
            metavar=say("地址", "ADDRESS"),
            help=say("只相信来自这个地址的请求头，可写多次", "the address whose header is believed, may be repeated"),
        ),
        flag(
            say,
            "--hash-password",
            "问一个密码，印出写进用户名单的一行，然后结束",
            "ask for a password, print the line for the list of users, and end",
        ),
        flag(
            say,
            "--new-token",
            "生成一个接口令牌，印出令牌和写进文件的一行，然后结束",
            "make a token, print it with the line for the file, and end",
        ),
    ]


def must_fit(settings: Settings, say: Say, ctx: click.Context) -> None:
    """Refuse what would let in whom nobody meant to, before anything starts.

    Raises: Misuse; EngineError where the file of users or of tokens is faulty.
    """
    from engine.serving.people.tokens import read_tokens
    from engine.serving.people.users import read_users

    if settings.users:
        read_users(Path(settings.users))
    if settings.tokens:
        read_tokens(Path(settings.tokens))
    if settings.proxy_header and not (settings.proxy_from and settings.users):
        told = say(
            "--proxy-header 要同时写 --proxy-from（代理的地址）和 --users（用户名单）",
            "--proxy-header needs --proxy-from (the address of the proxy) and --users (the list of users)",
        )
        raise Misuse(told, ctx)
    for address in settings.proxy_from:
        if not _is_address(address):
            raise Misuse(
                say(f"--proxy-from：`{address}` 不是 IP 地址", f"--proxy-from: `{address}` is no IP address"), ctx
            )
    if not settings.users and not (_is_address(settings.host) and ip_address(settings.host).is_loopback):
        told = say(
            f"要让别的机器访问（--host {settings.host}），先用 --users 写明谁可以用",
            f"before other machines may reach it (--host {settings.host}), say by --users who may use it",
        )
        raise Misuse(told, ctx)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def guarded(settings: Settings) -> tuple[Settings, str]:
    """With the secret of its sessions, and the address to open: with a link that works once where there are no users.

    Raises: DiskFault.
    """
    from engine.serving.people.keys import forget_links, secret_in

    drafts = Path(settings.drafts)
    # where nothing can be edited there is no room to keep one: whoever signed in does so again after a start
    secret = secret_in(drafts) if settings.drafts else secrets.token_bytes(32)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}/"
    if settings.users:
        return replace(settings, secret=secret), address
    if settings.drafts:
        forget_links(drafts)
    token = secrets.token_urlsafe(24)
    link = hashlib.sha256(token.encode()).hexdigest()
    return replace(settings, secret=secret, link=link), f"{address}enter?token={token}"


def hash_password(say: Say, ctx: click.Context) -> None:
    """Ask for a password without showing it, and print what the list of users keeps of it."""
    from engine.serving.people.passwords import LONGEST, SHORTEST, kept

    password = click.prompt(
        say("密码", "Password"), hide_input=True, confirmation_prompt=say("再输一次", "Again"), err=True
    )
    if not SHORTEST <= len(password) <= LONGEST:
        raise Misuse(say(f"密码至少 {SHORTEST} 个字", f"a password has at least {SHORTEST} characters"), ctx)
    write(f"password: {kept(password)}")


def new_token(say: Say) -> None:
    from engine.serving.people.tokens import new_token as made

    token, hashed = made()
    write(say("令牌，只显示这一次，交给调用的系统：", "the token, shown this once, for the calling system:"))
    write(token)
    write(say("写进 --tokens 文件：", "for the file of --tokens:"))
    write(say(f"- {{name: 系统名称, hash: {hashed}}}", f"- {{name: SYSTEM, hash: {hashed}}}"))


def now() -> datetime:
    return datetime.now().astimezone()
