"""Wording of what is wrong with the language server itself, in Chinese and English."""

from __future__ import annotations

from engine.messages.code import Code, error
from engine.messages.installing import installing

EDITING: dict[str, Code] = {
    "lsp-not-installed": error(
        "没有安装给编辑器用的语言服务（缺 {library}）",
        "the language server for editors is not installed ({library} is lacking)",
        *installing("lsp"),
    ),
}
