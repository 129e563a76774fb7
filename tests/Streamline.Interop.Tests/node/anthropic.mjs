import Anthropic from '@anthropic-ai/sdk';
import { run } from './run.mjs';

const question = { max_tokens: 1000, messages: [{ role: 'user', content: 'What should I wear?' }] };

const connect = (address) => new Anthropic({ apiKey: 'sk-test', baseURL: address, maxRetries: 0 });

const summary = (message) => ({
  id: message.id,
  model: message.model,
  whole: message.content.filter((block) => block.type === 'text').map((block) => block.text).join(''),
  thinking: message.content.filter((block) => block.type === 'thinking').map((block) => ({ text: block.thinking, signature: block.signature })),
  calls: message.content.filter((block) => block.type === 'tool_use').map((block) => ({ id: block.id, name: block.name, arguments: block.input })),
  finish: message.stop_reason,
  usage: { input: message.usage.input_tokens, output: message.usage.output_tokens, cached: message.usage.cache_read_input_tokens },
});

await run({
  stream: (address, model) => async (seen) => {
    const stream = connect(address).messages.stream({ ...question, model });
    stream.on('text', (delta) => { seen.text += delta; });
    stream.on('thinking', (delta) => { seen.reasoning += delta; });
    return summary(await stream.finalMessage());
  },
  create: (address, model) => async () => summary(await connect(address).messages.create({ ...question, model })),
});
