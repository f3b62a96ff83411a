"""A headless Chromium driven through its DevTools protocol: a library for the scripts of this folder.

The protocol goes over two pipes (--remote-debugging-pipe): JSON with a zero byte after each message, written to the
browser's descriptor 3 and read from its descriptor 4. Only the standard library is needed.
"""
import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def program():
    """The path of an installed browser, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Browser:
    """One browser with one tab, which records what the page says and asks for."""

    def __init__(self, executable):
        self.profile = tempfile.mkdtemp(prefix="promptir-browser.")
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()
        # A shell gives the pipes their numbers, from ends beyond them, so that neither takes the other's place.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (to_read, to_write)]
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{ends[0]} 4>&{ends[1]}', "bash",
             executable, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--hide-scrollbars", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "about:blank"],
            pass_fds=ends, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in [to_read, to_write] + ends:
            os.close(end)
        self.number = 0
        self.buffer = b""
        self.events = []
        self.session = None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")

    # The protocol

    def call(self, method, **parameters):
        """Sends a command and returns its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.write_end, data):]
        while True:
            reply = self._receive(60)
            if reply is None:
                raise TimeoutError(f"no reply to {method}")
            if reply.get("id") == self.number:
                if "error" in reply:
                    raise RuntimeError(f"{method}: {reply['error']}")
                return reply["result"]
            self.events.append(reply)

    def _receive(self, seconds):
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.read_end], [], [], max(0, end - time.monotonic()))
            if not ready:
                return None
            piece = os.read(self.read_end, 1 << 20)
            if not piece:
                raise EOFError("the browser is gone")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def wait_for_event(self, method, seconds=60):
        end = time.monotonic() + seconds
        seen = 0
        while True:
            while seen < len(self.events):
                if self.events[seen].get("method") == method:
                    return self.events[seen]["params"]
                seen += 1
            reply = self._receive(end - time.monotonic())
            if reply is None:
                raise TimeoutError(f"{method} has not come")
            self.events.append(reply)

    # What a person does

    def open(self, path):
        """Loads a file and returns the seconds until everything on the page is loaded."""
        self.events.clear()
        begin = time.monotonic()
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        self.wait_for_event("Page.loadEventFired")
        return time.monotonic() - begin

    def evaluate(self, expression):
        """The value of a script's expression."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def screen(self, width, height, scale=1, is_mobile=False, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                  mobile=is_mobile)
        self.call("Emulation.setTouchEmulationEnabled", enabled=is_mobile)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def mouse(self, kind, x, y, is_down=False):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left" if kind != "mouseMoved" or is_down else
                  "none", buttons=int(is_down), clickCount=int(kind != "mouseMoved"))

    def click(self, x, y):
        self.mouse("mousePressed", x, y, is_down=True)
        self.mouse("mouseReleased", x, y)

    def drag(self, start, end):
        self.mouse("mouseMoved", *start)
        self.mouse("mousePressed", *start, is_down=True)
        for step in range(1, 9):
            self.mouse("mouseMoved", start[0] + (end[0] - start[0]) * step / 8,
                       start[1] + (end[1] - start[1]) * step / 8, is_down=True)
        self.mouse("mouseReleased", *end)

    def press(self, key, code, number):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code, windowsVirtualKeyCode=number)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def screenshot(self, path, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    # What the browser noticed

    def problems(self):
        """Exceptions and messages of warnings and errors since the page was opened."""
        self.evaluate("0")
        found = []
        for event in self.events:
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(json.dumps(event["params"]["exceptionDetails"]))
            elif event.get("method") == "Runtime.consoleAPICalled":
                found.append(json.dumps(event["params"]["args"]))
            elif event.get("method") == "Log.entryAdded":
                found.append(event["params"]["entry"]["text"])
        return found

    def requests(self):
        """The addresses that the page asked for since it was opened; those of data: without the data."""
        return [event["params"]["request"]["url"][:80] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]

    def accessible(self, role):
        """The nodes of a role in the accessibility tree, as (name, properties)."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [(node.get("name", {}).get("value", ""),
                 {entry["name"]: entry["value"].get("value") for entry in node.get("properties", [])})
                for node in nodes if not node["ignored"] and node["role"]["value"] == role]

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
        except (OSError, EOFError, TimeoutError, RuntimeError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.read_end)
        os.close(self.write_end)
        shutil.rmtree(self.profile, ignore_errors=True)

