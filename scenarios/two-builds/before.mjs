/** The build that is out there: it reads, adds, and writes. Of two deposits at the same time one is lost. */
export const deposit = async (database, account, amount) => {
  const balance = (await database.read(account)) + amount;
  await database.write(account, balance);
  return balance;
};
