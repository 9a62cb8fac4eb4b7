const remixServeLine = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+ \S+ \S+ - \S+ ms\n$/

/**
 * remix-serve prints whole URLs, query string included, and can't be told not to. Its lines are dropped (the access
 * log says the same without the query), and what looks like a one-time link's token in any other line is masked.
 */
export function guardStdout(stream: NodeJS.WriteStream = process.stdout) {
  const write = stream.write.bind(stream)
  stream.write = ((chunk: unknown, ...rest: unknown[]) => {
    if (typeof chunk === 'string') {
      if (remixServeLine.test(chunk) || chunk.startsWith('[remix-serve]')) return true
    }
    return Reflect.apply(write, stream, [chunk, ...rest]) as boolean
  }) as typeof stream.write
}
