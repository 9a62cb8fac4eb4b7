/** What the toolbox can do, with the title of an example for each. Pure, and short: browsers load it. */
export const toolboxCommands = [
  {
    command: '/stats',
    summary: 'characters, words, sentences, reading time and the most frequent words of a text',
    example: 'Measure a text',
  },
  {
    command: '/extract',
    summary: 'the email addresses, URLs, dates and numbers in a text',
    example: 'Find addresses, links, dates and numbers',
  },
  {
    command: '/csv',
    summary: 'the columns of a table: type, min, max, mean, missing and distinct values',
    example: 'Summarise a table',
  },
  {
    command: '/json',
    summary: 'check that JSON is valid, or pick values by a path: /json $.a.b[0]',
    example: 'Pick values from JSON',
  },
] as const

export type ToolboxCommand = (typeof toolboxCommands)[number]['command']
