"""Why the system does not let a file be read or written, in the reader's words, by a stable word of our own.

The system's own words depend on the machine and its language; these do not. `engine.disk` knows which error is which.
"""

from __future__ import annotations

from typing import Final

from engine.messages.code import Code, Reason, error

REASONS: Final[dict[str, Reason]] = {
    "denied": Reason(
        "没有权限",
        "permission denied",
        "请文件的主人或系统管理员开放权限",
        "ask the owner of the file, or the administrator, for permission",
    ),
    "gone": Reason(
        "文件不在了",
        "it is not there any more",
        "核对名字；文件被移走或改名的，再运行一次",
        "check the name; where the file was moved or renamed meanwhile, run again",
    ),
    "loop": Reason(
        "链接绕成了圈",
        "its links run in a circle",
        "删掉这个链接，放文件本身",
        "put the file itself in place of the link",
    ),
    "outside": Reason(
        "链接指到了文件夹之外",
        "the link leads out of the folder",
        "把文件本身放进文件夹里",
        "put the file itself into the folder",
    ),
    "name-too-long": Reason("名字太长", "the name is too long", "换一个短的名字", "choose a shorter name"),
    "bad-name": Reason(
        "名字里有不能用的字符", "the name holds a character that no file name can hold", "改正名字", "correct the name"
    ),
    "is-folder": Reason("这是文件夹，不是文件", "it is a folder, no file", "写出其中的文件", "name a file in it"),
    "not-folder": Reason("上一级不是文件夹", "what should hold it is no folder", "改正路径", "correct the path"),
    "not-regular": Reason(
        "这不是普通文件（是管道、设备或套接字）",
        "it is no regular file but a pipe, a device or a socket",
        "换成普通文件",
        "put a regular file in its place",
    ),
    "exists": Reason("已经有这个名字", "the name is taken", "换一个名字", "choose another name"),
    "full": Reason(
        "磁盘已满，或超出了配额",
        "the disk is full, or the quota used up",
        "腾出空间再运行一次",
        "free some space and run again",
    ),
    "read-only": Reason("所在的磁盘是只读的", "the disk is read-only", "写到别的地方", "choose another place"),
    "busy": Reason(
        "文件正被占用", "it is in use", "等占用它的程序结束，再运行一次", "run again when the other program is done"
    ),
    "too-many-open": Reason(
        "系统的内存或可以打开的文件用完了",
        "the system has no memory or no open files left",
        "关掉别的程序再运行一次",
        "close other programs and run again",
    ),
    "too-many": Reason(
        "文件夹里的东西太多，没有读完",
        "the folder holds too much and was not read to its end",
        "只放政策文件，别的移到外面",
        "keep policy files only, and move everything else out",
    ),
    "not-supported": Reason(
        "这里的文件系统做不到", "the file system does not offer this", "换一个磁盘", "use another disk"
    ),
    "no-working-folder": Reason(
        "当前所在的文件夹已经删除",
        "the working folder was deleted",
        "先 cd 到别的文件夹",
        "change to another folder first",
    ),
    "closed": Reason("它是关闭的", "it is closed", "不要关闭它，或改接到文件", "leave it open, or direct it to a file"),
    "input-output": Reason(
        "磁盘读写出错",
        "the disk reports an error",
        "检查磁盘；从备份取回文件",
        "check the disk; take the file from a backup",
    ),
}

DISK: dict[str, Code] = {
    "file-too-large": error(
        "文件有 {size} 字节，超过上限 {limit} 字节",
        "the file has {size} bytes, more than the limit of {limit}",
        "把大表移到旁边的 CSV 文件里",
        "move large tables into CSV files beside it",
    ),
    "file-not-readable": error("读不了这个文件：{reason}", "cannot read the file: {reason}", reasons=REASONS),
    "file-not-writable": error("写不了这个文件：{reason}", "cannot write the file: {reason}", reasons=REASONS),
}
