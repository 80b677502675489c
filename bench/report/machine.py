# SPDX-License-Identifier: Apache-2.0
"""What a run was measured on: the CPU, how its clock is governed, the system, the commit."""
import os
import platform
import subprocess


def _first_cpu():
    fields = {}
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as text:
            for line in text:
                if not line.strip():
                    break
                name, _, value = line.partition(":")
                fields[name.strip()] = value.strip()
    except OSError:
        pass
    return fields


def _read(path, otherwise):
    try:
        with open(path, encoding="utf-8") as text:
            return text.read().strip()
    except OSError:
        return otherwise


def _commit(root):
    def git(*arguments):
        done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""
    commit = git("rev-parse", "--short=12", "HEAD")
    return (commit or "not known") + (" and changes" if git("status", "--porcelain") else "")


def describe(root):
    cpu = _first_cpu()
    number = lambda name: int(cpu[name]) if cpu.get(name, "").isdigit() else 0
    return {
        "cpu": cpu.get("model name", platform.machine()),
        "vendor": cpu.get("vendor_id", ""),
        "family": number("cpu family"),
        "model": number("model"),
        "cpu_flags": cpu.get("flags", "").split(),
        "cores": os.cpu_count(),
        "governor": _read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "not shown by this system"),
        "virtual": "hypervisor" in cpu.get("flags", "").split(),
        "system": f"{platform.system()} {platform.release()}",
        "commit": _commit(root),
    }
