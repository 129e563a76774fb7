// Runs every client against every server that standard input names, at once, and prints what each of them read.
export async function run(clients) {
  const { servers, cases } = JSON.parse(await text(process.stdin));
  const results = {};
  await Promise.all(Object.entries(servers).flatMap(([server, address]) => Object.entries(clients).flatMap(([client, read]) => cases.map(async (name) => {
    results[`${client} ${server} ${name}`] = await settle(() => read(address, name));
  }))));
  process.stdout.write(JSON.stringify(results));
}

// What a client threw is a result too, beside what it had read until then.
async function settle(read) {
  const seen = { text: '', reasoning: '', error: null };
  try {
    return Object.assign(seen, await read()(seen));
  } catch (error) {
    return Object.assign(seen, { error: describe(error) });
  }
}

export function describe(error) {
  return { name: error.constructor.name, status: error.status ?? error.statusCode ?? null, message: String(error.message ?? error) };
}

async function text(stream) {
  stream.setEncoding('utf8');
  let all = '';
  for await (const chunk of stream) {
    all += chunk;
  }
  return all;
}
