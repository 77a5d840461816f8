/** Where supabase-js keeps the session in localStorage; the account's keys are never there. */
export const SESSION_KEY = "sealpost.session";
