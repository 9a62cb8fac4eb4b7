const requestLine = /^[A-Z-]+ \S+ \S+ \S+ - \S+ ms\n$/

/**
 * remix-serve prints whole URLs, one-time links included, and can't be told not to. Its lines are dropped: the access
 * log says the same without the query string. So is the `undefined` that it prints when it has closed in good order.
 *
 * @param onListening called in place of the line by which it says that it listens
 */
export function dropRemixServeLines(onListening: () => void) {
  dropLines(process.stdout, (line) => {
    const listens = line.startsWith('[remix-serve] http')
    if (listens) onListening()
    return listens || requestLine.test(line)
  })
  dropLines(process.stderr, (line) => line === 'undefined\n' || line === '\n')
}

function dropLines(stream: NodeJS.WriteStream, unwanted: (line: string) => boolean) {
  const write = stream.write.bind(stream)
  stream.write = ((chunk: unknown, ...rest: unknown[]) => {
    if (typeof chunk === 'string' && unwanted(chunk)) return true
    return Reflect.apply(write, stream, [chunk, ...rest]) as boolean
  }) as typeof stream.write
}
