// Cuts texts into sentences as ICU does, and gives where each ends, in UTF-16 code units.
const { texts } = JSON.parse(await new Response(process.stdin).text());
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
console.log(JSON.stringify(texts.map(text => [...segmenter.segment(text)].map(part => part.index + part.segment.length))));
