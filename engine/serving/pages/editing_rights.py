"""Who may edit a file, and why somebody may not, in words.

In: a person, a file.  Out: "" or the reason. Who may is laid down in `people.rights`.
Imports desk, people, editing and below.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.editing.workspace import File
from engine.policy.document import Document
from engine.policy.loader import Library
from engine.say import Say
from engine.serving.desk import Desk, Rules
from engine.serving.drafts.paths import file_in
from engine.serving.people.person import EVERYWHERE, Person


def why_not_write(desk: Desk, rules: Rules, person: Person, file: File, say: Say) -> str:
    """Why a person may not write a file; "" where he may."""
    if desk.drafts is None:
        return say(
            "这里只能看：用的是程序自带的政策。要改，复制成自己的文件夹，启动时写 --policies 文件夹。",
            "Only for reading here: these policies came with the program. To change them, copy them into a folder of "
            "your own and start with --policies FOLDER.",
        )
    if file_in(desk.drafts.home, file.name) != file.path:
        home = desk.drafts.home.name
        return say(
            f"这份文件不能在这里改：要在 --policies 写的第一个文件夹 {home} 里，文件名只用汉字、字母、数字和 . _ -。"
            "别的文件夹只读；要改，另外启动一个，把它写在第一个。",
            f"This file cannot be changed here: it has to lie in {home}, the first folder of --policies, its name of "
            "letters, digits and . _ - only. The others are read only: to change them, start another service that "
            "names theirs first.",
        )
    if not person.writes:
        return say("您的账号只能看，不能改。", "Your account may read, not write.")
    if rules.rights.may_write(person, file.path, rules.owners):
        return ""
    library = rules.policies.library
    whose = [_place_of(library, one) for one in rules.owners.of(file.path)]
    mine = [_name_of(library, code) for code in person.places if code != EVERYWHERE]
    if not whose:
        return say(
            f"这份文件归全省共用，您的账号可以改的是：{say.names(mine)}。",
            f"This file is shared by all places; your account may change: {say.names(mine)}.",
        )
    return say(
        f"这份文件属于{say.names(whose)}，您的账号可以改的是：{say.names(mine)}。",
        f"This file belongs to {say.names(whose)}; your account may change: {say.names(mine)}.",
    )


def _place_of(library: Library, document: Document) -> str:
    codes: Sequence[str] = document.header.jurisdiction
    named = [_name_of(library, code) for code in codes]
    return "、".join(named) or document.header.id


def _name_of(library: Library, code: str) -> str:
    """`太原市（1401）`; a code alone where no table names it."""
    territories = (library.territory(root.header.id) for root in library.roots())
    name = next((found for one in territories if (found := one.name_of(code))), "")
    return f"{name}（{code}）" if name else code
