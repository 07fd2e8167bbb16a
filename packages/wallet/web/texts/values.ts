import { defineTexts } from './language.js'
import { regionWords } from './regions.js'

/** Values that are words of the format, by claim; what is not here is shown as it stands. */
export const valueTexts = defineTexts({
  'zh-CN': {
    ...regionWords(0),
    'sex:female': '女',
    'sex:male': '男',
    'nationality:CHN': '中国',
    'real_person:document': '已核对证件',
    'real_person:document+face': '已核对证件和人脸',
    'real_person:document+face+presence': '已核对证件和人脸，并到场',
    'document_type:resident_id': '居民身份证',
    'document_type:passport': '护照',
    'document_type:foreign_permanent_resident': '外国人永久居留身份证',
    'document_type:hk_macao_resident_permit': '港澳居民居住证',
    'document_type:taiwan_resident_permit': '台湾居民居住证',
    'document_type:mainland_travel_permit_hk_macao': '港澳居民来往内地通行证',
    'document_type:mainland_travel_permit_taiwan': '台湾居民来往大陆通行证',
  },
  en: {
    ...regionWords(1),
    'sex:female': 'Female',
    'sex:male': 'Male',
    'nationality:CHN': 'China',
    'real_person:document': 'Document checked',
    'real_person:document+face': 'Document and face checked',
    'real_person:document+face+presence': 'Document and face checked, in person',
    'document_type:resident_id': 'Resident identity card',
    'document_type:passport': 'Passport',
    'document_type:foreign_permanent_resident': 'Foreign permanent resident card',
    'document_type:hk_macao_resident_permit': 'Residence permit, Hong Kong and Macao',
    'document_type:taiwan_resident_permit': 'Residence permit, Taiwan',
    'document_type:mainland_travel_permit_hk_macao': 'Travel permit, Hong Kong and Macao',
    'document_type:mainland_travel_permit_taiwan': 'Travel permit, Taiwan',
  },
})
