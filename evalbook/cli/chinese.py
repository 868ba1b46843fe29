"""click in Chinese: its sentences, the usage lines, and faults that end in a message instead of a traceback."""

from __future__ import annotations

import io
import signal
import sys
from contextlib import suppress
from typing import Any

import click

from evalbook.errors import EvalbookError

# click has no Chinese catalogue; these are all the sentences that this command's users can meet.
CHINESE = {
    "Usage:": "用法：",
    "Options": "选项",
    "Commands": "命令",
    "Show this message and exit.": "显示这段说明。",
    "Show the version and exit.": "显示版本。",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "查看说明请运行：{command} {option}",
    "No such command {name!r}.": "没有“{name}”这个命令。",
    "No such option {name!r}.": "没有“{name}”这个选项。",
    "Missing command.": "没有写命令。",
    "Invalid value: {message}": "写法不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 写法不对：{message}",
    "Option {name!r} does not take a value.": "选项“{name}”后面不跟内容。",
    "Option {name!r} requires an argument.": "选项“{name}”后面缺内容。",
    "(Did you mean one of: {possibilities}?)": "（是不是：{possibilities}？）",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "Did you mean one of: {possibilities}?": "是不是：{possibilities}？",
    "Aborted!": "已中止。",
    "Error: {e.message}": "写法不对：{e.message}",
    "%(prog)s, version %(version)s": "%(prog)s %(version)s",
}


INTERRUPTED = "已中止。以前生成、定版和发布的保持原样；要做完，请再运行一次同样的命令。"


def translate_click() -> None:
    """Let click speak Chinese."""

    def chinese(text: str) -> str:
        return CHINESE.get(text, text)

    def plural(one: str, many: str, count: int) -> str:
        if one.startswith("Got unexpected extra argument"):
            return "多写了“{args}”。"
        return chinese(one if count == 1 else many)

    for module in ("core", "exceptions", "formatting", "parser", "decorators", "types", "termui"):
        named = getattr(click, module)
        for name, function in (("_", chinese), ("ngettext", plural)):
            if hasattr(named, name):
                setattr(named, name, function)


translate_click()


class Number(click.IntRange):
    """A number with a name, which the answer to a wrong one says.

    Parameters
    ----------
    first, last
        Of the numbers that may be given.
    called, example
        What the number is, in Chinese, and one that is right.
    """

    def __init__(self, first: int, last: int, called: str, example: str) -> None:
        super().__init__(first, last)
        self.span = f"{first}至{last}"
        self.expected = f"{called}，应在{first}至{last}之间，如 {example}。"

    def _describe_range(self) -> str:
        return self.span

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read what was typed."""
        try:
            return int(super().convert(value, param, ctx))
        except click.BadParameter:
            self.fail(f"“{value}”不是{self.expected}", param, ctx)


PROJECT = "project"


def project_option() -> click.Option:
    """Folder of the project, which every command takes, before its name or behind."""

    def remember(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.find_root().meta[PROJECT] = value

    said = "哪个文件夹里的项目；不写是当前文件夹所在的。"
    return click.Option(["--project"], metavar="文件夹", help=said, expose_value=False, callback=remember)


class Command(click.Command):
    """A command whose usage line is Chinese, on the project that is named."""

    def __init__(self, name: str | None, params: list[click.Parameter] | None = None, **options: Any) -> None:
        listed = [*(params or ()), project_option()]
        super().__init__(name, params=listed, **{"options_metavar": "[选项]", **options})


class Commands(click.Group):
    """A group of commands; a fault ends in a Chinese message, a traceback only with ``--debug``."""

    command_class = Command
    group_class = type

    def __init__(self, name: str | None, params: list[click.Parameter] | None = None, **options: Any) -> None:
        given = {"options_metavar": "[选项]", "subcommand_metavar": "命令 [内容]...", **options}
        super().__init__(name, params=[*(params or ()), project_option()], **given)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and answer its faults."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a rare character must not cost the rest of a result
                stream.reconfigure(errors="replace")
        with suppress(ValueError):  # not by another thread than the first
            signal.signal(
                signal.SIGTERM, signal.default_int_handler
            )  # as Ctrl-C: what was begun is cleared away
        try:
            return super().invoke(ctx)
        except click.MissingParameter as error:  # click's own sentence has English quotes and an English stop
            name = error.param.human_readable_name if error.param else ""
            raise click.UsageError(f"没有写{name.strip('[]')}。", ctx=error.ctx) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo(INTERRUPTED, err=True)
            ctx.exit(1)
        except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
            sys.stderr.close()
            ctx.exit(0)
        except Exception as error:
            if ctx.find_root().params.get("debug"):
                raise
            click.echo(fault(error), err=True)
            ctx.exit(error.exit_code if isinstance(error, EvalbookError) else 2)


def fault(error: Exception) -> str:
    """What went wrong, and what to do."""
    match error:
        case EvalbookError():
            return str(error)
        case OSError(filename=file, errno=number):
            from evalbook.publish.files import REMEDIES

            unknown = f"系统报告错误 {number}。请检查文件是否被占用、磁盘是否已满"
            return f"读写 {file or '文件'} 时出错：{REMEDIES.get(number or 0, unknown)}。"
    return (
        f"程序出错了：{type(error).__name__}：{error}\n"
        "这是程序的毛病，不是填报的错。请加上 --debug 再运行一次，把显示的内容发给维护人员。"
    )
