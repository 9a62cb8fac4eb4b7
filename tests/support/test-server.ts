import { afterAll } from 'vitest'
import { isOnRealServer } from './on-real-server'
import { closeForwarders } from './real-server'

if (isOnRealServer) afterAll(closeForwarders)
