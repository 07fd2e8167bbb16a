import '@netcert/page/schemas-without-eval'
import '@netcert/page/tokens.css'
import './design/tokens.css'
import '@netcert/page/base.css'
import './design/base.css'
import './design/parts.css'
import './design/shell.css'
import './design/card.css'
import { keepPage } from '@netcert/page/kept-page'
import { render } from 'preact'
import { App } from './shell/app.js'
import { followAddress } from './shell/place.js'

followAddress()
const root = document.getElementById('app')
root?.replaceChildren()
if (root !== null) render(<App />, root)
void keepPage()
