import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { jsonSchema, streamText, tool } from 'ai';
import { describe, run } from './run.mjs';

// Its warnings would go to standard output.
globalThis.AI_SDK_LOG_WARNINGS = false;

const inputSchema = jsonSchema({ type: 'object', properties: {}, additionalProperties: true });
const tools = { get_weather: tool({ inputSchema }), get_time: tool({ inputSchema }) };

const read = (model) => async (seen) => {
  const parts = [];
  const calls = [];
  let finish = null;
  const result = streamText({ model, tools, prompt: 'What should I wear?', maxRetries: 0, onError() { } });
  for await (const part of result.fullStream) {
    parts.push(part.type);
    switch (part.type) {
      case 'text-delta': seen.text += part.text; break;
      case 'reasoning-delta':
        seen.reasoning += part.text;
        seen.signature = part.providerMetadata?.anthropic?.signature ?? seen.signature;
        break;
      case 'tool-call': calls.push({ id: part.toolCallId, name: part.toolName, arguments: part.input }); break;
      case 'error': seen.error = describe(part.error); break;
      case 'finish': finish = part; break;
    }
  }
  return {
    calls,
    finish: finish?.finishReason ?? null,
    usage: finish && { input: finish.totalUsage.inputTokens, output: finish.totalUsage.outputTokens, cached: finish.totalUsage.cachedInputTokens },
    parts: [...new Set(parts)],
  };
};

await run({
  anthropic: (address, model) => read(createAnthropic({ apiKey: 'sk-test', baseURL: `${address}/v1` })(model)),
  chat: (address, model) => read(createOpenAI({ apiKey: 'sk-test', baseURL: `${address}/v1` }).chat(model)),
  responses: (address, model) => read(createOpenAI({ apiKey: 'sk-test', baseURL: `${address}/v1` }).responses(model)),
});
