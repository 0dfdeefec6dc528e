"""The command `doudi`: one module a command, `main` for the group and the exit statuses.

The only floor that knows the environment: arguments, files that the user names, terminal, clock, colours.
May import everything; nothing imports it. Each command imports what it needs when it is called.
"""
