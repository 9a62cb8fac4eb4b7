/** The acceptance criteria, one a line; blank lines and list marks left out. */
export const criteriaOf = (text: string): string[] =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim().replace(/^(?:[-*•]|\d{1,3}[.)])\s+/, ''))
    .filter((line) => line !== '')
