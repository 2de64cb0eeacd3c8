// Serves a GGUF file as /v1/chat/completions: node serve.mjs FILE PORT
// One request at a time; a stream where one is asked for, as OpenAI's.
import { createServer } from "node:http";
import { getLlama, LlamaChatSession } from "node-llama-cpp";

const [file, port] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: "never", maxThreads: 2 });
const model = await llama.loadModel({ modelPath: file });
const context = await model.createContext({ contextSize: 4096 });
let turn = Promise.resolve();

async function complete(body, signal) {
  const sequence = context.getSequence();
  try {
    const system = body.messages.find((m) => m.role === "system")?.content;
    const user = body.messages.filter((m) => m.role !== "system").map((m) => m.content).join("\n");
    const session = new LlamaChatSession({ contextSequence: sequence, systemPrompt: system, autoDisposeSequence: false });
    const meter = sequence.tokenMeter.getState();
    const { responseText, stopReason } = await session.promptWithMeta(user, {
      temperature: body.temperature ?? 0, seed: body.seed, maxTokens: body.max_tokens, signal,
    });
    const used = sequence.tokenMeter.diff(meter);
    session.dispose({ disposeSequence: false });
    return { text: responseText, finish: stopReason === "maxTokens" ? "length" : "stop",
      usage: { prompt_tokens: used.usedInputTokens, completion_tokens: used.usedOutputTokens, total_tokens: used.usedInputTokens + used.usedOutputTokens } };
  } finally {
    sequence.dispose();
  }
}

createServer((req, res) => {
  let raw = "";
  const gone = new AbortController(); // who asked has left
  res.on("close", () => res.writableEnded || gone.abort());
  req.on("data", (d) => (raw += d));
  req.on("end", () => {
    if (req.url !== "/v1/chat/completions") {
      res.writeHead(200, { "content-type": "application/json" });
      return res.end('{"data":[]}');
    }
    turn = turn.then(async () => {
      if (gone.signal.aborted) return;
      try {
        const body = JSON.parse(raw);
        const { text, finish, usage } = await complete(body, gone.signal);
        if (!body.stream) {
          res.writeHead(200, { "content-type": "application/json" });
          return res.end(JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: finish }], usage }));
        }
        res.writeHead(200, { "content-type": "text/event-stream" });
        const event = (v) => res.write(`data: ${typeof v === "string" ? v : JSON.stringify(v)}\n\n`);
        event({ choices: [{ index: 0, delta: { role: "assistant", content: text } }] });
        event({ choices: [{ index: 0, delta: {}, finish_reason: finish }], usage });
        event("[DONE]");
        res.end();
      } catch (e) {
        res.writeHead(500, { "content-type": "application/json" });
        res.end(JSON.stringify({ error: { message: String(e) } }));
      }
    });
  });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
