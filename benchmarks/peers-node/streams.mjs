// What npm clients need to turn the streams of the decoding benchmarks into their events, with the bytes already in memory.
//   dotnet run -c Release --project benchmarks/Streamline.Benchmarks -- payloads benchmarks/peers-node/payloads
//   npm install && npm run streams
import { readFileSync } from 'node:fs';
import Anthropic from '@anthropic-ai/sdk';
import { createAnthropic } from '@ai-sdk/anthropic';
import { streamText } from 'ai';
import { createParser } from 'eventsource-parser';
import OpenAI from 'openai';

globalThis.AI_SDK_LOG_WARNINGS = false;
const deltas = 1000;
const chunkBytes = 4096;
const load = name => readFileSync(new URL(`./payloads/${name}.sse`, import.meta.url));
const anthropicBytes = load('anthropic');
const openaiBytes = load('openai-chat');

const respondWith = bytes => async () => new Response(
  new ReadableStream({
    start(controller) {
      for (let i = 0; i < bytes.length; i += chunkBytes) {
        controller.enqueue(bytes.subarray(i, i + chunkBytes));
      }

      controller.close();
    },
  }),
  { headers: { 'content-type': 'text/event-stream' } });

async function count(events) {
  let n = 0;
  for await (const _ of events) {
    n++;
  }

  return n;
}

const anthropic = new Anthropic({ apiKey: 'none', fetch: respondWith(anthropicBytes) });
const openai = new OpenAI({ apiKey: 'none', fetch: respondWith(openaiBytes) });
const vercel = createAnthropic({ apiKey: 'none', fetch: respondWith(anthropicBytes) });
const messages = [{ role: 'user', content: 'Hi' }];
const request = { model: 'any', max_tokens: 1000, messages };

const peers = {
  '@anthropic-ai/sdk, messages.create (raw events)': async () => count(await anthropic.messages.create({ ...request, stream: true })),
  '@anthropic-ai/sdk, messages.stream (with the message so far)': () => count(anthropic.messages.stream(request)),
  'ai streamText over @ai-sdk/anthropic, fullStream': () => count(streamText({ model: vercel('any'), messages, maxOutputTokens: 1000 }).fullStream),
  'openai, chat.completions.create': async () => count(await openai.chat.completions.create({ model: 'any', messages, stream: true })),
  'eventsource-parser on the Anthropic bytes, no JSON': async () => {
    let n = 0;
    const parser = createParser({ onEvent: () => n++ });
    const decoder = new TextDecoder();
    for (let i = 0; i < anthropicBytes.length; i += chunkBytes) {
      parser.feed(decoder.decode(anthropicBytes.subarray(i, i + chunkBytes), { stream: true }));
    }

    return n;
  },
};

console.log(`Node ${process.version}; ns per delta of a stream of ${deltas}, the least of 50 streams and their median.\n`);
console.log('| peer | least | median | events |');
console.log('|---|---|---|---|');
for (const [name, run] of Object.entries(peers)) {
  const times = [];
  let events = 0;
  for (let i = 0; i < 70; i++) {
    const start = performance.now();
    events = await run();
    if (i >= 20) {
      times.push(performance.now() - start);
    }
  }

  times.sort((a, b) => a - b);
  const ns = time => Math.round((time * 1e6) / deltas).toLocaleString('en');
  console.log(`| ${name} | ${ns(times[0])} | ${ns(times[times.length >> 1])} | ${events} |`);
}
