"""A stand-in for a model, on loopback: it calls one tool once and then says that it is done.

It speaks what the hosts speak: the Gemini API, OpenAI's Responses API and OpenAI's chat completions. It keeps every request, so
that a story can look at the tools that the host offered and at the result that it passed on.
"""

import http.server
import json
import re
import threading

DONE = "The read is done."
# What a host offers in place of tools that it keeps back: one to look them up, one to call what was found.
SEARCH, DEFERRED = "tool_search", "tool_call"


class Model:
    """Use with `with`. `wanted` is the tool's name as the server has it: hosts put their own words before it."""

    def __init__(self, wanted, arguments):
        self.wanted, self.arguments = wanted, arguments
        self.asked = []

    def __enter__(self):
        model = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self._answer("application/json", json.dumps({"object": "list", "data": [], "models": []}))

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    asked = json.loads(body)
                except ValueError:
                    asked = {}
                for dialect in DIALECTS:
                    if dialect.path in self.path:
                        model.asked.append(asked)
                        self._answer(*dialect(asked, "stream" in self.path.lower() or asked.get("stream")).reply(model))
                        return
                self._answer("application/json", "{}")

            def _answer(self, kind, text):
                content = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @property
    def offered(self):
        """Every request as one text: what the host told of tools, and what it passed on of results."""
        return json.dumps(self.asked)


class Dialect:
    """One API: which tools are offered, whether the tool has answered, and how a call and a sentence are written."""

    def __init__(self, asked, stream):
        self.asked, self.stream = asked, stream

    def reply(self, model):
        names, called = self.names(), self.called()
        tool = next((it for it in names if it.endswith(model.wanted)), None)
        if tool:
            return self.say(DONE) if tool in called else self.call(tool, model.arguments)
        if SEARCH in names and SEARCH not in called:
            return self.call(SEARCH, {"query": model.wanted})
        found = re.search(rf"[\w-]+__{model.wanted}\b", json.dumps(self.asked))
        if found and DEFERRED in names and DEFERRED not in called:
            return self.call(DEFERRED, {"name": found[0], "arguments": model.arguments})
        return self.say(DONE)


class Gemini(Dialect):
    path = "enerateContent"

    def names(self):
        return [it["name"] for tools in self.asked.get("tools", []) for it in tools.get("functionDeclarations", [])]

    def called(self):
        parts = [part for it in self.asked.get("contents", []) for part in it.get("parts", [])]
        return [it["functionResponse"]["name"] for it in parts if "functionResponse" in it]

    def call(self, name, arguments):
        return self._with({"functionCall": {"name": name, "args": arguments}})

    def say(self, words):
        return self._with({"text": words})

    def _with(self, part):
        answer = {
            "candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
            "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
            "modelVersion": "stand-in",
        }
        if self.stream:
            return "text/event-stream", f"data: {json.dumps(answer)}\n\n"
        return "application/json", json.dumps(answer)


class Chat(Dialect):
    path = "/chat/completions"

    def names(self):
        return [it["function"]["name"] for it in self.asked.get("tools", [])]

    def called(self):
        return [call["function"]["name"] for it in self.asked.get("messages", []) for call in it.get("tool_calls") or []]

    def call(self, name, arguments):
        function = {"name": name, "arguments": json.dumps(arguments)}
        call = {"index": 0, "id": f"call_{len(self.called())}", "type": "function", "function": function}
        return self._with({"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls")

    def say(self, words):
        return self._with({"role": "assistant", "content": words}, "stop")

    def _with(self, message, reason):
        answer = {"id": "chat_1", "created": 1, "model": "stand-in"}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        if not self.stream:
            choice = {"index": 0, "message": message, "finish_reason": reason}
            return "application/json", json.dumps({**answer, "object": "chat.completion", "choices": [choice], "usage": usage})
        parts = [
            {"choices": [{"index": 0, "delta": message, "finish_reason": None}]},
            {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}], "usage": usage},
        ]
        lines = [f"data: {json.dumps({**answer, 'object': 'chat.completion.chunk', **part})}\n\n" for part in parts]
        return "text/event-stream", "".join(lines) + "data: [DONE]\n\n"


class Responses(Dialect):
    path = "/responses"

    def names(self):
        found = []
        for tool in self.asked.get("tools", []):
            inner = tool.get("tools") if tool.get("type") == "namespace" else None
            for it in inner or [tool]:
                name = it.get("name") or it.get("type", "")
                found.append(name)
                if inner:
                    self._spaces()[name] = tool.get("name")
        return found

    def _spaces(self):
        self.__dict__.setdefault("spaces", {})
        return self.spaces

    def called(self):
        return [it.get("name", "") for it in self.asked.get("input", []) if it.get("type") == "function_call"]

    def call(self, name, arguments):
        item = {"type": "function_call", "id": "fc_1", "call_id": f"call_{len(self.called())}", "name": name,
                "arguments": json.dumps(arguments), "status": "completed"}
        if self._spaces().get(name):
            item["namespace"] = self._spaces()[name]
        return self._with(item)

    def say(self, words):
        return self._with({"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                           "content": [{"type": "output_text", "text": words, "annotations": []}]})

    def _with(self, item):
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2,
                 "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
        answer = {"id": "resp_1", "object": "response", "created_at": 1, "model": "stand-in", "status": "completed",
                  "output": [item], "usage": usage}
        events = [
            {"type": "response.created", "response": {**answer, "status": "in_progress", "output": []}},
            {"type": "response.output_item.added", "output_index": 0, "item": item},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": answer},
        ]
        if not self.stream:
            return "application/json", json.dumps(answer)
        return "text/event-stream", "".join(f"event: {it['type']}\ndata: {json.dumps(it)}\n\n" for it in events)


DIALECTS = (Gemini, Chat, Responses)
