import java.util.Arrays;

/**
 * Runs the main class that is named first, with the arguments behind it, and ends the process when its standard
 * input closes: so no server outlives a test run, however that ended.
 */
public class EndWithParent {
  public static void main(String[] args) throws Exception {
    Thread watch = new Thread(EndWithParent::endWhenInputCloses, "end-with-parent");
    watch.setDaemon(true);
    watch.start();
    String[] itsArguments = Arrays.copyOfRange(args, 1, args.length);
    Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) itsArguments);
  }

  private static void endWhenInputCloses() {
    try {
      while (System.in.read() >= 0) {}
    } catch (java.io.IOException closed) {
      // the same as the end of the input
    }
    Runtime.getRuntime().halt(1);
  }
}
