/** One plain value, as instruments give it and limits expect it. */
export type Scalar = number | string | boolean;
