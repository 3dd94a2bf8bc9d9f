"""pybtex finds its styles by a look at all that is installed, anew for each citation, and there are
hundreds: it is told of them once."""

from pybtex.plugin import enumerate_plugin_names, find_plugin, register_plugin

GROUPS = [f"pybtex.style.{part}" for part in ("formatting", "names", "labels", "sorting")]


def register() -> None:
    for group in GROUPS:
        for name in {*enumerate_plugin_names(group)}:
            register_plugin(group, name, find_plugin(group, name), force=True)
