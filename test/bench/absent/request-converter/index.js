const absent = () => {
  throw new Error('this dependency of @credo-ts/core is not installed for the benchmark')
}

export const convertDcqlQueryToDeviceRequest = absent
export const convertPresentationDefinitionToDeviceRequest = absent
