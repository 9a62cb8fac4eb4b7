import { fileLoader } from '~/http/export.server'

/** The list as a file. */
export const loader = fileLoader('user', 'own')
