import { afterAll } from 'vitest'
import { closeForwarders, isOnRealServer } from './real-server'

if (isOnRealServer) afterAll(closeForwarders)
