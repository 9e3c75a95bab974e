"""A real JupyterLab in a real browser: run a notebook, answer a question wrongly, then rightly, with the mouse."""
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from real_browser import find_browser

from helpers import bank
from helpers.authoring import source as src

NOTEBOOK, QUESTION = "00_start_here", "which-to-ship"


@pytest.fixture
def lab(tmp_path):
    """JupyterLab on a copy of the workbook, with settings and a progress file of its own; gives (address, token)."""
    workbook = tmp_path / "workbook"
    for folder in ("notebooks", "helpers"):
        shutil.copytree(src.ROOT / folder, workbook / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    config = tmp_path / "config"
    (config / "labconfig").mkdir(parents=True)
    quiet = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    (config / "labconfig" / "default_setting_overrides.json").write_text(json.dumps(quiet))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, log = secrets.token_hex(8), tmp_path / "server.log"
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(config), "JUPYTERLAB_SETTINGS_DIR": str(config / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(config / "workspaces"), "WORKBOOK_PROGRESS": str(tmp_path / "progress.jsonl")}
    with open(log, "w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
             f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={workbook}", "--LabApp.news_url=None",
             "--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
            env=environment, stdout=output, stderr=output)
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"{address}/api/status?token={token}", timeout=1)
                    break
                except OSError:
                    time.sleep(0.5)
            else:
                pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")
            yield address, token
        finally:
            server.terminate()
            server.wait(20)


IDLE = "/ \\| Idle/.test(document.querySelector('#jp-main-statusbar')?.textContent ?? '')"
KERNEL = "!/No Kernel/.test(document.querySelector('.jp-Toolbar-kernelName')?.textContent ?? 'No Kernel')"
NOTHING_QUEUED = """![...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
                      .some(e => e.textContent.trim() === '[*]:')"""


def test_a_learner_answers_with_the_mouse(lab, tmp_path):
    browser_path = find_browser()
    if browser_path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium, Chrome or Edge found: CI must install one")
        pytest.skip("no Chromium, Chrome or Edge found: install one to run this test")
    from playwright.sync_api import expect, sync_playwright
    address, token = lab
    item = bank.items()[QUESTION]
    errors, foreign = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1600})
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: errors.append(str(e)))
        page.on("request", lambda r: None if r.url.startswith((address, "data:", "blob:", "ws://127.0.0.1"))
                else foreign.append(r.url))
        page.goto(f"{address}/lab/tree/notebooks/{NOTEBOOK}.ipynb?token={token}", wait_until="domcontentloaded")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
        # a click on Run before the kernel is there opens a dialog and runs nothing
        page.wait_for_function(f"() => {KERNEL} && {IDLE}", timeout=90_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function(f"() => !({IDLE})", timeout=30_000)
        page.wait_for_function(f"() => {NOTHING_QUEUED} && {IDLE}", timeout=300_000)
        bad = page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"], '
                           '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]')
        assert bad.all_text_contents() == []

        box = page.locator(".jp-Cell", has=page.get_by_text(f'question("{QUESTION}")', exact=True)).first
        box.scroll_into_view_if_needed()
        feedback = box.get_by_role("status")
        wrong, right = (next(o for o in item["options"] if bool(o.get("right")) is sought) for sought in (False, True))
        box.get_by_role("button", name=wrong["text"]).click()
        expect(feedback).to_contain_text("Not yet")
        expect(feedback).to_contain_text(wrong["misconception_name"])
        box.get_by_role("button", name=right["text"]).click()
        expect(feedback).to_contain_text("Correct")
        # the keyboard does as well as the mouse
        box.get_by_role("button", name=wrong["text"]).focus()
        page.keyboard.press("Enter")
        expect(feedback).to_contain_text("Not yet")
        page.screenshot(path=os.environ.get("WORKBOOK_SCREENSHOT", str(tmp_path / "lab.png")))
        browser.close()
    assert errors == [] and foreign == []
