"""The page for people, drawn by a real browser. FLOWCTL_CHROMIUM names the browser's command."""

from __future__ import annotations

import os
import subprocess

import pytest

VARIABLE = "FLOWCTL_CHROMIUM"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
def test_a_browser_shows_flows_and_runs_nothing_of_theirs(client, tmp_path):
    flow = client.flow(name="<script>document.title = 'taken over'</script>Orders")
    client.post("/_emulator/runs", json={"flowId": flow["id"]})
    picture = tmp_path / "page.png"
    command = [os.environ[VARIABLE], *QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1200,1000"]
    drawn = subprocess.run(
        [*command, f"--screenshot={picture}", f"{client.url}/"], capture_output=True, timeout=120, check=False
    )
    assert drawn.returncode == 0, drawn.stderr[-2000:]
    assert picture.read_bytes().startswith(b"\x89PNG")
    shown = subprocess.run(
        [*command, "--dump-dom", f"{client.url}/"], capture_output=True, text=True, timeout=120, check=False
    )
    assert shown.returncode == 0, shown.stderr[-2000:]
    assert flow["id"] in shown.stdout
    assert "&lt;script&gt;" in shown.stdout
    assert "<title>taken over" not in shown.stdout
