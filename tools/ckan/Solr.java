import java.nio.file.Path;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Serves the Solr home of its first argument on the port of its second one. */
class Solr {
  public static void main(String[] args) throws Exception {
    JettyConfig config = JettyConfig.builder().setPort(Integer.parseInt(args[1])).build();
    JettySolrRunner solr = new JettySolrRunner(Path.of(args[0]).toAbsolutePath().toString(), config);
    solr.start();
    System.out.println(solr.getBaseUrl());
    Thread.currentThread().join();
  }
}
