type Fields = Partial<Record<string, unknown>>

/** What an object says that it is, in its own words: `text/markdown`, `image/png`, `report`. */
export const declaredType = ({ contentType, mediaType, format, type }: Fields): string | undefined =>
  [contentType, mediaType, format, type].find((each) => typeof each === 'string')

/** Whether an object says that its text is Markdown. */
export const saysMarkdown = (value: Fields): boolean =>
  typeof value.markdown === 'string' || /^(text\/)?markdown\b/i.test(declaredType(value) ?? '')
