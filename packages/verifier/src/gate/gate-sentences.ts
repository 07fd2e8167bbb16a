import type { GateCode, GateColour } from './gate-codes.js'

type Row = readonly [colour: GateColour, zh: string, en: string]

/** The one table of colours and sentences; the compiler keeps it complete. */
export const gateRows: Readonly<Record<GateCode, Row>> = {
  entered: ['green', '请进。', 'Let in.'],
  entered_stale: [
    'amber',
    '可以进入，但本机的撤销信息偏旧：请人工留意，并尽快导入新的离线包。',
    'Let in, but what this gate knows of revocations is old: look at the person, and import a new pack soon.',
  ],
  entered_paper: [
    'amber',
    '纸质通行码有效，本次已记入。纸质码不验证持有人：请看一眼来人，并收回或划掉该码。',
    'The printed pass is good and counted now. Paper proves no holder: look at the person, and strike the pass out.',
  ],
  code_foreign: [
    'red',
    '这不是 netcert 通行码。请访客在凭证夹里扫描本闸口的二维码，再出示凭证夹生成的码。',
    'This is no netcert code. The visitor scans the code of this gate with the wallet and shows the answer.',
  ],
  code_challenge: [
    'red',
    '这是闸口自己的二维码。请访客用凭证夹扫描它，再出示凭证夹生成的码。',
    'This is the code of a gate itself. The visitor scans it with the wallet and shows what the wallet answers.',
  ],
  code_damaged: [
    'red',
    '扫码枪改动了字符：请将键盘布局设为英文（美国）、关闭大写锁定和字符转换，然后重扫。',
    'The scanner changed characters: set its keyboard layout to English (US), caps lock and conversions off, and scan again.',
  ],
  code_malformed: [
    'red',
    '通行码读取不完整。请擦净屏幕、调高亮度后重新扫描。',
    'The code was not read whole. Wipe the screen, turn the brightness up and scan again.',
  ],
  code_too_long: [
    'red',
    '内容过长，不是通行码。请重新扫描凭证夹生成的码。',
    'This is too long for a pass. Scan the code that the wallet shows.',
  ],
  nonce_late: [
    'red',
    '通行码已过时。请访客重新扫描屏幕上的二维码。',
    'This answer comes too late. The visitor scans the code on the screen again.',
  ],
  nonce_unknown: [
    'red',
    '这个码是给其他通道的，或者早已过时。请访客扫描本通道屏幕上的二维码。',
    'This answers another lane, or a challenge long over. The visitor scans the code of this lane.',
  ],
  answer_not_encrypted: [
    'red',
    '本闸口要求加密出示身份信息，而该码未加密。请访客更新凭证夹后重扫。',
    'This gate asks for identity, and the answer is not encrypted. The visitor updates the wallet and scans again.',
  ],
  answer_unopened: [
    'red',
    '这个加密码是给其他闸口的，或者已过时。请访客重新扫描本闸口的二维码。',
    'This answer is encrypted for another gate or comes too late. The visitor scans the code of this gate again.',
  ],
  poster_not_here: [
    'red',
    '本通道不接受海报码。请访客扫描屏幕上的二维码。',
    'This lane takes no answers to a printed poster. The visitor scans the code on the screen.',
  ],
  poster_late: [
    'red',
    '海报码须在 60 秒内出示，且手机时间须准确。请访客重新扫描海报。',
    'An answer to a poster counts for 60 seconds, by a phone whose clock is right. The visitor scans it again.',
  ],
  paper_not_here: [
    'red',
    '本通道不接受纸质通行码。请引导至可受理的通道。',
    'This lane takes no printed passes. Show the way to one that does.',
  ],
  code_used: [
    'red',
    '这个码刚才或之前已经用过，可能是截图。请访客重新扫描本闸口的二维码。',
    'This very code was accepted before; it may be a screenshot. The visitor scans the code of this gate again.',
  ],
  pass_used: [
    'red',
    '这张通行证在本次活动中已入场一次，不能再次使用。请核对来人。',
    'This pass has opened this event before and opens it once. Ask the person.',
  ],
  person_entered: [
    'red',
    '此人凭票已入场，不能再次入场。请核对来人。',
    'The person of this ticket is in already. Ask the person.',
  ],
  pass_expired: [
    'red',
    '通行证已过期。请访客在凭证夹中领取新的通行证。',
    'The pass has expired. The visitor fetches new ones in the wallet.',
  ],
  pass_revoked: [
    'red',
    '凭证已被撤销，不能入场。请使用其他核验方式。',
    'The certificate has been revoked. Use other means of verification.',
  ],
  pass_suspended: [
    'red',
    '凭证已被暂停。持有人可向签发机构申请恢复；请使用其他核验方式。',
    'The certificate is suspended. Its holder can lift that with the issuer; use other means.',
  ],
  lists_too_old: [
    'red',
    '本机的列表太旧，无法判断。请导入新的离线包。',
    'What this gate knows is too old to tell. Import a new pack.',
  ],
  lists_missing: [
    'red',
    '离线包中没有该凭证的状态列表，无法判断。请导入完整的离线包。',
    'The status list of this certificate is not in the pack. Import a whole pack.',
  ],
  status_required: [
    'red',
    '本通道只接受可查询撤销状态的凭证。请访客出示另一种凭证，或走其他通道。',
    'This lane takes only certificates that can be revoked. Show another one, or go to another lane.',
  ],
  issuer_unknown: [
    'red',
    '签发机构不在信任列表中。请使用其他核验方式。',
    'The issuer is not on the trust list. Use other means of verification.',
  ],
  forged: [
    'red',
    '签名不符：内容被改动，或并非持有人出示。不能入场，请叫负责人。',
    'The signatures do not hold: it was altered, or is not shown by its holder. Do not let in; call the supervisor.',
  ],
  pass_unusable: [
    'red',
    '凭证不符合规定。请访客在凭证夹中重新领取。',
    'The certificate does not follow the rules of its type. The visitor fetches a new one.',
  ],
  other_venue: [
    'red',
    '这个码是给其他场馆的。请访客扫描本闸口的二维码。',
    'This was made for another venue. The visitor scans the code of this gate.',
  ],
  condition_unmet: [
    'red',
    '通行证是真的，但不满足入场条件（例如年龄不足）。',
    'The pass is genuine, but does not meet the condition of this gate, for example the age.',
  ],
  demand_unmet: [
    'red',
    '通行证没有出示本闸口要求的内容。请访客重新扫描，并同意所请求的项目。',
    'The pass does not show what this gate asks. The visitor scans again and agrees to what is asked.',
  ],
  type_unmet: [
    'red',
    '凭证种类不对。请访客出示本闸口要求的通行证。',
    'This is another kind of certificate. The visitor shows the pass that this gate asks for.',
  ],
  no_ticket: [
    'red',
    '票务名单中没有此人的票。请核对购票账户；名单若旧，请导入新的名单。',
    'This person has no ticket on the list of this gate. Ask which account bought it; if the list is old, import a newer one.',
  ],
  ticket_unproven: [
    'red',
    '未能证明此票号属于来人。请访客出示购票时为本场馆领取的凭证。',
    'The number of the ticket is not proven. The visitor shows the copy that was fetched with the ticket.',
  ],
  clock_back: [
    'red',
    '本机时间被调回了五分钟以上，暂停验证。请负责人校准时间。',
    'The clock of this gate was set back by more than five minutes. The supervisor sets it right.',
  ],
  clock_behind: [
    'red',
    '本机时间早于已收到的列表，暂停验证。请负责人校准时间。',
    'The clock of this gate is behind the lists it holds. The supervisor sets it right.',
  ],
  event_over: [
    'red',
    '活动已结束，本通道已关闭。请装入新的通道文件。',
    'The event is over and this lane is closed. Load the lane file of the next one.',
  ],
  gate_failed: [
    'red',
    '本机故障，未放行也未记入。请重试；若仍失败，请换通道并检查磁盘空间。',
    'This gate failed; nobody was let in or counted. Try again, else change the lane and look at its disk.',
  ],
}
