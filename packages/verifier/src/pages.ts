export { type PageServer, type PageServerOptions, startPageServer } from './page-server.js'
export { answerStaticPage, openStaticPage, type PagePolicies } from './static-page.js'
export { staticFile, type StaticFile, type StaticPage } from './static-page.js'
