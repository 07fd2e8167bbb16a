import { keepPage } from '@netcert/page/service-worker'

keepPage({ prefix: 'netcert-gate-' })
