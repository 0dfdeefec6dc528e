"""The service that other systems call, and the pages where officers work: one ASGI application.

In: policy folders, requests.  Out: answers as JSON below `/v1`, pages everywhere else.
Nothing of a user lives in a process: several of them serve side by side. What must outlive a request is a draft on the
disk, a signed cookie, or is carried by the form. Households are never stored, unless saved as a case.
Starlette and what belongs to it are imported nowhere else in the engine. They are an extra, `doudi[serve]`.
May import api, editing, reporting, testing, whatif, writing and what lies below them; screening, proof and git come in
as functions (`work`).
"""
