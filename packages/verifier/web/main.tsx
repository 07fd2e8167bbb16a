import '@netcert/page/schemas-without-eval'
import '@netcert/page/tokens.css'
import './styles/tokens.css'
import '@netcert/page/base.css'
import './styles/base.css'
import './styles/pages.css'
import './styles/gate.css'
import './styles/verdict.css'
import { keepPage } from '@netcert/page/kept-page'
import { render } from 'preact'
import { App } from './app.js'
import { followFullscreen } from './fullscreen.js'

const place = document.getElementById('app')
if (place !== null) render(<App />, place)
followFullscreen()
void keepPage()
