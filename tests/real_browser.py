"""Where the real browser of the tests is."""
import shutil

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            r"C:\Program Files\Google\Chrome\Application\chrome.exe",
            r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe")


def find_browser():
    """The path of a Chromium, Chrome or Edge; None without one."""
    return next((found for found in map(shutil.which, BROWSERS) if found), None)
