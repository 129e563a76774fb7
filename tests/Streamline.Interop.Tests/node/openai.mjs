import OpenAI from 'openai';
import { run } from './run.mjs';

const messages = [{ role: 'user', content: 'What should I wear?' }];

const connect = (address) => new OpenAI({ apiKey: 'sk-test', baseURL: `${address}/v1`, maxRetries: 0 });

const usageOf = (usage) => usage && {
  input: usage.prompt_tokens ?? usage.input_tokens,
  output: usage.completion_tokens ?? usage.output_tokens,
  cached: (usage.prompt_tokens_details ?? usage.input_tokens_details)?.cached_tokens,
};

const completion = (answer) => ({
  id: answer.id,
  model: answer.model,
  whole: answer.choices[0].message.content,
  refusal: answer.choices[0].message.refusal,
  calls: (answer.choices[0].message.tool_calls ?? []).map((call) => ({ id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) })),
  finish: answer.choices[0].finish_reason,
  usage: usageOf(answer.usage),
});

const response = (answer) => ({
  id: answer.id,
  model: answer.model,
  whole: answer.output_text,
  refusal: answer.output.flatMap((item) => item.content ?? []).filter((part) => part.type === 'refusal').map((part) => part.refusal).join('') || null,
  thinking: answer.output.filter((item) => item.type === 'reasoning')
    .map((item) => ({ text: item.summary.map((part) => part.text).join(''), signature: item.encrypted_content ?? null })),
  calls: answer.output.filter((item) => item.type === 'function_call').map((item) => ({ id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) })),
  finish: answer.incomplete_details?.reason ?? answer.status,
  usage: usageOf(answer.usage),
});

await run({
  chat: (address, model) => async (seen) => {
    const stream = connect(address).chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
    stream.on('content', (delta) => { seen.text += delta; });
    return completion(await stream.finalChatCompletion());
  },
  chatCreate: (address, model) => async () => completion(await connect(address).chat.completions.create({ model, messages })),
  responses: (address, model) => async (seen) => {
    const stream = connect(address).responses.stream({ model, input: messages });
    stream.on('response.output_text.delta', (event) => { seen.text += event.delta; });
    stream.on('response.reasoning_summary_text.delta', (event) => { seen.reasoning += event.delta; });
    return response(await stream.finalResponse());
  },
  responsesCreate: (address, model) => async () => response(await connect(address).responses.create({ model, input: messages })),
});
