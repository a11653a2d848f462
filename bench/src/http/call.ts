/** An answer of the bank: its body and where the log was then. */
export interface Answer {
  readonly body: unknown;
  readonly position: string | null;
}

/** One request that must succeed. */
export async function call(
  url: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const posted = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  const response = await fetch(
    url,
    body === undefined ? { headers } : { ...posted, body: JSON.stringify(body) },
  );
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(answer)}`);
  return { body: answer, position: response.headers.get('openbank-position') };
}
