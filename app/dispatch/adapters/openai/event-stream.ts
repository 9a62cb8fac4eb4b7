/**
 * The data of server-sent events, event by event, whatever pieces the bytes come in. The last event counts although the
 * stream ends within it: the specification would drop it, but some servers leave out its line break.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* eventData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []

  /** The events that end within `text`; what follows the last line break waits in `rest`. */
  function* read(text: string) {
    const lines = text.split(/\r\n|\n|\r/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '' && data.length > 0) {
        yield data.join('\n')
        data = []
      }
      if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
    }
  }

  let held = ''
  for await (const chunk of bytes) {
    const fresh = held + decoder.decode(chunk, { stream: true })
    // a line feed may follow with the next bytes: it belongs to this line break
    held = fresh.endsWith('\r') ? '\r' : ''
    if (/[\r\n]/.test(fresh)) yield* read(rest + (held ? fresh.slice(0, -1) : fresh))
    else rest += fresh
  }
  yield* read(`${rest}${held}${decoder.decode()}\n\n`)
}
