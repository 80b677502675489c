# SPDX-License-Identifier: Apache-2.0
"""Test cases of Python scripts, counted and listed like those of the Catch2 executables.

    from cases import case, run, Skip

    @case("archive (g++): no global constructors")
    def _():
        assert not found, found

    run()
"""
import os
import subprocess
import sys
import traceback

_cases = []


class Skip(Exception):
    """Raised by a case that cannot run here, with the reason."""


def case(name):
    def register(function):
        _cases.append((name, function))
        return function
    return register


def command(arguments, **options):
    """Runs a program and returns its output as text. A failure contains the output."""
    options.setdefault("timeout", 300)
    done = subprocess.run([str(a) for a in arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="replace", check=False, **options)
    assert done.returncode == 0, f"{' '.join(str(a) for a in arguments)}\nexit status {done.returncode}\n{done.stdout}"
    return done.stdout


def archive(build):
    """libashlar.a of the build with this folder tests/."""
    found = os.path.join(os.path.dirname(os.path.abspath(build)), "libashlar.a")
    if not os.path.exists(found):
        raise Skip("libashlar.a is not built")
    return found


def run():
    """Runs all cases in order, or those whose names contain one of the arguments after --only."""
    only = sys.argv[sys.argv.index("--only") + 1:] if "--only" in sys.argv else None
    passed = failed = skipped = 0
    for name, function in _cases:
        if only and not any(word in name for word in only):
            continue
        try:
            function()
            passed += 1
        except Skip as why:
            skipped += 1
            print(f"SKIPPED: {name}: {why}")
        except Exception as error:  # a case may fail in any way; the next one still runs
            failed += 1
            if isinstance(error, AssertionError):
                print(error)
            else:
                traceback.print_exc(file=sys.stdout)
            print(f"FAILED: {name}")
        sys.stdout.flush()
    print(f"CASES: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed or passed + skipped == 0 else 0)
