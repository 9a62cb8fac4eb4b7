/** Who has the keyboard. */
export interface Viewer {
  id: string
  isAdmin: boolean
}
