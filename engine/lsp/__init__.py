"""The language server: the protocol of editors over `engine.editing`.

In: messages of an editor.  Out: answers and diagnostics. Nothing is worked out here: documents are kept, positions and
results converted, work is put off, done in the background or dropped.
`positions` alone knows how editors count characters; pygls and lsprotocol are imported nowhere else in the engine. They
are an extra, `doudi[lsp]`: what needs them is imported on use, after `extras` was asked.
May import editing, policy, language and the ground floor.
"""
