"""What to do where the libraries of an extra are lacking, in the words of every code that tells so.

In: the name of an extra.  Out: a sentence in Chinese and in English. The package stands in no registry: it is installed
from its source or from wheels, and what is said has to work for both.
"""

from __future__ import annotations


def installing(extra: str) -> tuple[str, str]:
    source = f"`pip install '.[{extra}]'`"
    wheels = f"`pip install --no-index --find-links wheels 'doudi[{extra}]'`"
    return (
        f"在源码的文件夹里运行 {source}；从安装包（wheel）装的，运行 {wheels}（wheels 换成放安装包的文件夹）",
        f"run {source} in the folder of the source; where it came as wheels, {wheels}, with the folder that holds them",
    )
