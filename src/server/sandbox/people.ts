/** The one member of the sandbox's organisation. */
export const PEOPLE = [
  {
    id: '5e0c2f0a-3c1d-4b5e-8f6a-7b8c9d0e1f2a',
    email: 'operator@example.com',
    name: 'Demo operator',
    image: null,
    banned: false,
  },
] as const;
