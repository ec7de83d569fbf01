require('./main.js')
  .main()
  .then(process.exit, (error) => {
    throw error;
  });
