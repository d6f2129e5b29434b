"""The same objects by OpenTofu or Terraform with a generic REST provider, on the same served platform."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figure import Figure, seconds
from benchmarks.hcl import as_hcl
from benchmarks.process import FLOWCTL, Cost, run
from benchmarks.recorder import Recorder, recorder
from benchmarks.served_platform import ServedPlatform
from benchmarks.workspace import generate

_PROVIDER = "terraform-provider-restapi"
_PLUGIN_FOLDERS = (".terraform.d/plugins", ".local/share/terraform/plugins", ".local/share/opentofu/plugins")
HOW_TO_GET = (
    "Not measured: {missing}. Install OpenTofu (https://opentofu.org/docs/intro/install) or Terraform, and put the "
    "program terraform-provider-restapi (https://github.com/Mastercard/terraform-provider-restapi/releases, version 2 "
    "or newer) on the PATH or below ~/.terraform.d/plugins. Nothing is downloaded here."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tofu:
    """The two programs that are needed."""

    program: Path
    provider: Path


def find_tofu(environ: Mapping[str, str]) -> Tofu | str:
    """Both programs, or what is missing."""
    path = environ.get("PATH", "")
    program = shutil.which("tofu", path=path) or shutil.which("terraform", path=path)
    if program is None:
        return "neither tofu nor terraform is on the PATH"
    folders = [Path(folder) for folder in path.split(os.pathsep) if folder]
    home = Path(environ.get("HOME") or Path.home())
    plugins = [home / folder for folder in _PLUGIN_FOLDERS]
    found = [file for folder in folders for file in folder.glob(f"{_PROVIDER}*")]
    found += [file for folder in plugins for file in folder.rglob(f"{_PROVIDER}*")]
    provider = next((file for file in found if file.is_file() and os.access(file, os.X_OK)), None)
    if provider is None:
        return f"the provider Mastercard/restapi of {Path(program).name} is not found"
    return Tofu(program=Path(program), provider=provider)


def tofu_figures(
    folder: Path, pipelines: int, platform: ServedPlatform, parallelism: int, environ: Mapping[str, str]
) -> Iterator[Figure]:
    """Apply and no-op plan by both; where a program is missing, one row that says how to get it."""
    tofu = find_tofu(environ)
    if isinstance(tofu, str):
        yield Figure(
            name=f"apply and no-op plan beside OpenTofu, {pipelines} pipelines",
            measured="-",
            against="OpenTofu: not installed",
            ratio=None,
            note=HOW_TO_GET.format(missing=tofu),
        )
        return
    mine = _flowctl(folder, pipelines, platform, parallelism)
    theirs = _tofu(folder, pipelines, platform, parallelism, tofu)
    name = tofu.program.name
    for what, our_run, their_run in zip(("apply", "no-op plan"), mine, theirs, strict=True):
        yield _ratio(f"{what}, {pipelines} pipelines, beside {name}", our_run.cost, their_run.cost)
        yield Figure(
            name=f"requests of {what}, {pipelines} pipelines, beside {name}",
            measured=f"{our_run.requests} requests",
            against=f"{name}: {their_run.requests} requests",
            ratio=our_run.requests / their_run.requests if their_run.requests else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    cost: Cost
    requests: int


def _ratio(name: str, ours: Cost, theirs: Cost) -> Figure:
    return Figure(
        name=name, measured=seconds(ours.seconds), against=seconds(theirs.seconds), ratio=ours.seconds / theirs.seconds
    )


def _flowctl(folder: Path, pipelines: int, platform: ServedPlatform, parallelism: int) -> tuple[_Run, _Run]:
    workspace = generate(folder / "tofu-flowctl", pipelines, platform.url)
    command = (*FLOWCTL, "-C", str(workspace.root), "--parallelism", str(parallelism))
    platform.reset()
    return (
        _counted(platform, *command, "apply", "--auto-approve"),
        _counted(platform, *command, "plan", "--detailed-exitcode"),
    )


def _tofu(folder: Path, pipelines: int, platform: ServedPlatform, parallelism: int, tofu: Tofu) -> tuple[_Run, _Run]:
    with recorder(platform.url) as recorded:
        configuration = write_configuration(folder, pipelines, platform, recorded)
        platform.reset()
        overrides = configuration / "overrides.tfrc"
        overrides.write_text(
            f'provider_installation {{\n  dev_overrides {{\n    "Mastercard/restapi" = "{tofu.provider.parent}"\n  }}\n'
            "  direct {}\n}\n",
            encoding="utf-8",
        )
        variables = {"TF_CLI_CONFIG_FILE": str(overrides)}
        command, options = (str(tofu.program), f"-chdir={configuration}"), ("-no-color", f"-parallelism={parallelism}")
        return (
            _counted(platform, *command, "apply", "-auto-approve", *options, variables=variables),
            _counted(platform, *command, "plan", "-detailed-exitcode", *options, variables=variables),
        )


def write_configuration(folder: Path, pipelines: int, platform: ServedPlatform, recorded: Recorder) -> Path:
    """The folder of a configuration with what flowctl creates of a generated workspace, recorded while it does."""
    workspace = generate(folder / "tofu-recorded", pipelines, recorded.url)
    platform.reset()
    run(*FLOWCTL, "-C", str(workspace.root), "--parallelism", "1", "apply", "--auto-approve")
    configuration = folder / "tofu"
    configuration.mkdir()
    text = as_hcl(recorded.creations, platform=platform.url, plain=recorded.url, headers=recorded.headers)
    (configuration / "main.tf").write_text(text, encoding="utf-8")
    return configuration


def _counted(platform: ServedPlatform, *command: str, variables: Mapping[str, str] | None = None) -> _Run:
    platform.clear_log()
    cost = run(*command, variables=variables)
    return _Run(cost=cost, requests=len(platform.requests()))
