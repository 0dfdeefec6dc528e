"""Wording of what is wrong with the service and the workbench, in Chinese and English."""

from __future__ import annotations

from engine.messages.code import Code, error

SERVING: dict[str, Code] = {
    "serve-not-installed": error(
        "没有安装网络服务（缺 {library}）",
        "the service is not installed ({library} is lacking)",
        "运行 `pip install 'doudi[serve]'`",
        "run `pip install 'doudi[serve]'`",
    ),
}
