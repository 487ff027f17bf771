"""Makes mutants of the rule modules: one small change of meaning each, compiled into the living module and taken out again."""

import ast
import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from teams.mandates import chains, conditions, engine, judge, shortcut, whocan
from teams.mandates.rules import after, amount, base, chain, person, power, time

MODULES = (after, amount, base, chain, person, power, time)
AROUND = (chains, conditions, engine, judge, shortcut, whocan)
_SWAPS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}  # fmt: skip
_WORDS = {"ok": ("no", "na"), "no": ("ok", "na"), "na": ("no",), "note": ("no", "ok")}


@dataclass(frozen=True)
class Mutant:
    """`name` is what changed and where: module, function, the text as it was, the kind of change."""

    module: ModuleType
    function: str
    name: str
    tree: ast.FunctionDef


def mutants(module: ModuleType) -> Iterator[Mutant]:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    seen: dict[str, int] = {}
    for owner, function in _functions(tree):
        function.decorator_list = []
        function.args.defaults = []
        function.args.kw_defaults = [None for _ in function.args.kw_defaults]
        for place, node in enumerate(ast.walk(function)):
            for what, changed in _changes(node):
                name = f"{module.__name__.rpartition('.')[2]}.{owner}{function.name}: {what}"
                seen[name] = seen.get(name, 0) + 1
                other = copy.deepcopy(function)
                _put(other, place, changed)
                yield Mutant(
                    module, f"{owner}{function.name}", f"{name} #{seen[name]}" if seen[name] > 1 else name, other
                )


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for top in tree.body:
        if isinstance(top, ast.FunctionDef):
            yield "", top
        for inner in top.body if isinstance(top, ast.ClassDef) else ():
            if isinstance(inner, ast.FunctionDef):
                yield f"{top.name}.", inner


def _put(function: ast.FunctionDef, place: int, changed: ast.AST) -> None:
    target = list(ast.walk(function))[place]
    for above in ast.walk(function):
        for field, value in ast.iter_fields(above):
            if value is target:
                setattr(above, field, changed)
            elif isinstance(value, list) and any(one is target for one in value):
                setattr(above, field, [changed if one is target else one for one in value])
    ast.fix_missing_locations(function)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every change of one node: what it says, and the node to put there."""
    text = ast.unparse(node).split("\n")[0][:90] if isinstance(node, ast.expr | ast.stmt | ast.comprehension) else ""
    match node:
        case ast.Compare():
            for place, op in enumerate(node.ops):
                for swap in _SWAPS[type(op)]:
                    other = copy.deepcopy(node)
                    other.ops[place] = swap()
                    yield f"{text} → {swap.__name__}", other
        case ast.BoolOp():
            other = copy.deepcopy(node)
            other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield f"{text} → {type(other.op).__name__}", other
            for place in range(len(node.values)):
                rest = [copy.deepcopy(value) for n, value in enumerate(node.values) if n != place]
                dropped = rest[0] if len(rest) == 1 else ast.BoolOp(copy.deepcopy(node.op), rest)
                yield f"{text} → without part {place + 1}", dropped
        case ast.UnaryOp(op=ast.Not()):
            yield f"{text} → without not", copy.deepcopy(node.operand)
        case ast.If():
            branch = ast.If(ast.Constant(False), copy.deepcopy(node.body), copy.deepcopy(node.orelse))
            yield f"{text} → never", branch
            turned = ast.If(
                ast.UnaryOp(ast.Not(), copy.deepcopy(node.test)), copy.deepcopy(node.body), copy.deepcopy(node.orelse)
            )
            yield f"{text} → negated", turned
        case ast.IfExp():
            yield (
                f"{text} → other",
                ast.IfExp(copy.deepcopy(node.test), copy.deepcopy(node.orelse), copy.deepcopy(node.body)),
            )
        case ast.Constant(value=bool()):
            yield f"{text} → {not node.value}", ast.Constant(not node.value)
        case ast.Constant(value=int()):
            for step in (1, -1):
                yield f"{text} → {node.value + step}", ast.Constant(node.value + step)
        case ast.comprehension(ifs=[_, *_]):
            other = copy.deepcopy(node)
            other.ifs = []
            yield f"{ast.unparse(node)[:90]} → unfiltered", other
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            other = copy.deepcopy(node)
            other.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield f"{text} → {type(other.op).__name__}", other
        case ast.Call(func=ast.Name(id="any" | "all")):
            other = copy.deepcopy(node)
            other.func = ast.Name("all" if ast.unparse(node.func) == "any" else "any", ast.Load())
            yield f"{text} → {ast.unparse(other.func)}", other
        case ast.Call(func=ast.Name(id="min" | "max")):
            other = copy.deepcopy(node)
            other.func = ast.Name("max" if ast.unparse(node.func) == "min" else "min", ast.Load())
            if not any(word.arg == "default" for word in node.keywords):
                yield f"{text} → {ast.unparse(other.func)}", other
        case ast.Return(value=ast.Call(func=ast.Name(id=word)) as call) if word in _WORDS:
            for swap in _WORDS[word]:
                other = copy.deepcopy(node)
                fresh = copy.deepcopy(call)
                fresh.func = ast.Name(swap, ast.Load())
                if swap in ("ok", "na"):
                    fresh.keywords = [k for k in fresh.keywords if k.arg not in ("todo", "effect")]
                elif swap == "no":
                    fresh.keywords = [k for k in fresh.keywords if k.arg != "effect"]
                other.value = fresh
                yield f"{text} → {swap}", other
        case _:
            return


@contextmanager
def alive(mutant: Mutant) -> Iterator[None]:
    """The changed code in the function itself, so that every caller runs it."""
    real: Any = mutant.module
    for name in mutant.function.split("."):
        real = vars(real)[name]
    real = getattr(real, "fget", real)
    real = getattr(real, "__wrapped__", real)
    space: dict[str, Any] = {}
    body = ast.Module([ast.ImportFrom("__future__", [ast.alias("annotations")], 0), mutant.tree], [])
    exec(compile(ast.fix_missing_locations(body), mutant.name, "exec"), vars(mutant.module), space)
    code = real.__code__
    real.__code__ = space[mutant.tree.name].__code__
    try:
        yield
    finally:
        real.__code__ = code
